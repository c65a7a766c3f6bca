"""The fleet on Kubernetes: its manifests, and the pods that dagster-k8s makes of our settings for runs and steps."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import dagster as dg
import pytest
import yaml
from dagster._core.definitions.reconstruct import ReconstructableRepository
from dagster._core.executor.init import InitExecutorContext
from dagster._core.launcher import RunLauncher
from dagster._serdes import ConfigurableClassData

from steel_assets.engines import executor_of
from steel_assets.settings import AssetsSettings
from steel_energy.errors import ConfigError

FOLDER = "deploy/kubernetes-fleet"
FILES = ("dagster.yaml", "dask.yaml", "mlflow.yaml", "network-policies.yaml", "rights.yaml")
KUBERNETES = "1.33"
IMAGE = "registry.example/steel/assets:v0.1.0"
MAY_CALL_THE_CLUSTER = {"dagster", "daemon"}
KUBECONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "clusters": [{"name": "none", "cluster": {"server": "http://127.0.0.1:1"}}],
    "users": [{"name": "none", "user": {}}],
    "contexts": [{"name": "none", "context": {"cluster": "none", "user": "none"}}],
    "current-context": "none",
}
"""There is no cluster: nothing is ever sent to this address."""


@pytest.fixture(scope="module")
def resources(documents) -> list[dict[str, Any]]:
    return [resource for name in FILES for resource in documents(f"{FOLDER}/{name}")]


@pytest.fixture(scope="module")
def pods(resources) -> dict[str, dict[str, Any]]:
    return {
        one["metadata"]["name"]: one["spec"]["template"]["spec"] for one in resources if one["kind"] == "Deployment"
    }


@pytest.fixture(scope="module")
def launcher(documents, tmp_path_factory) -> Any:
    """dagster-k8s' run launcher as instance.yaml says, told of a cluster that is not there."""
    pytest.importorskip("dagster_k8s", reason="the extra fleet is not installed")
    kubeconfig = tmp_path_factory.mktemp("cluster") / "kubeconfig"
    kubeconfig.write_text(yaml.safe_dump(KUBECONFIG), encoding="utf-8")
    (instance,) = documents(f"{FOLDER}/instance.yaml")
    told = instance["run_launcher"]
    elsewhere = {"load_incluster_config": False, "kubeconfig_file": str(kubeconfig)}
    return ConfigurableClassData(told["module"], told["class"], yaml.safe_dump(told["config"] | elsewhere)).rehydrate(
        as_type=RunLauncher
    )


@pytest.fixture(scope="module")
def made(launcher, tmp_path_factory) -> list[dict[str, Any]]:
    """What dagster-k8s asks the cluster to make for a run and then for a step of it, in place of asking."""
    from kubernetes.client import ApiClient  # noqa: PLC0415 - of the extra

    asked: list[dict[str, Any]] = []

    def take(body: Any, **_: Any) -> None:
        asked.append(ApiClient().sanitize_for_serialization(body))

    graph = ReconstructableRepository.for_module("steel_assets.definitions", "defs", container_image=IMAGE)
    job = graph.get_reconstructable_job("train_global")
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("instance"))) as instance:
        launcher.register_instance(instance)
        instance._run_launcher = launcher
        run = instance.add_run(dg.DagsterRun(job_name="train_global", job_code_origin=job.get_python_origin()))
        launcher._api_client.create_namespaced_job_with_retries = take
        launcher.launch_run(SimpleNamespace(dagster_run=run))
        steps = steps_of(job, instance)
        steps._api_client.create_namespaced_job_with_retries = take
        with (
            pytest.MonkeyPatch.context() as patch
        ):  # the step's event is for a run that goes on, which there is none of
            patch.setattr("dagster_k8s.executor.DagsterEvent", MagicMock())
            list(steps.launch_step(step_of(run, instance)))
    return asked


def steps_of(job: Any, instance: dg.DagsterInstance) -> Any:
    """What makes the pods of steps, as our executor has it."""
    chosen = executor_of(AssetsSettings.model_construct(engine="kubernetes"))
    told = chosen.apply_config_mapping({}).value["config"]
    made = chosen.executor_creation_fn(
        InitExecutorContext(job=job, executor_def=chosen, executor_config=told, instance=instance)
    )
    return made._step_handler


def step_of(run: dg.DagsterRun, instance: dg.DagsterInstance) -> Any:
    key = "global_model"
    asked = SimpleNamespace(
        step_keys_to_execute=[key],
        run_id=run.run_id,
        known_state=None,
        job_origin=run.job_code_origin,
        get_command_args=lambda **_: ["dagster", "api", "execute_step"],
        get_command_env=list,
    )
    step = SimpleNamespace(step=SimpleNamespace(op_name=key))
    return SimpleNamespace(
        execute_step_args=asked,
        dagster_run=run,
        instance=instance,
        step_tags={key: {}},
        get_step_context=lambda _: step,
    )


def broken_promises(pod: dict[str, Any]) -> Iterator[str]:
    """What each pod of ours keeps to, and this one does not."""
    user = pod["securityContext"]
    if not (user["runAsNonRoot"] and user["runAsUser"] == 10001 and user["seccompProfile"]["type"] == "RuntimeDefault"):
        yield "user"
    if pod["enableServiceLinks"] is not False:
        yield "service links"
    for one in pod["containers"]:
        context = one["securityContext"]
        if not context["readOnlyRootFilesystem"] or context["allowPrivilegeEscalation"]:
            yield f"{one['name']}: may write or gain rights"
        if context["capabilities"] != {"drop": ["ALL"]}:
            yield f"{one['name']}: capabilities"
        if not set(one["resources"]["requests"]) == set(one["resources"]["limits"]) == {"cpu", "memory"}:
            yield f"{one['name']}: resources"


def test_the_kustomization_names_every_file_and_stands_on_the_plain_system(documents, root):
    (kustomization,) = documents(f"{FOLDER}/kustomization.yaml")
    others = {"kustomization.yaml", "instance.yaml", "workspace.yaml"}

    assert kustomization["resources"] == ["../kubernetes", *FILES]
    assert {path.name for path in (root / FOLDER).iterdir()} == {*FILES, *others}


def test_manifests_follow_kubernetes_schema(lint):
    files = [f"{FOLDER}/{name}" for name in FILES]

    assert lint("kubernetes-validate", "--strict", "--kubernetes-version", KUBERNETES, *files) == ""


def test_kubectl_puts_it_together_without_the_pod_that_had_the_databases(root):
    if not (kubectl := shutil.which("kubectl")):
        pytest.skip("kubectl is not installed")
    done = subprocess.run([kubectl, "kustomize", FOLDER], cwd=root, capture_output=True, text=True, check=True)
    whole = {(one["kind"], one["metadata"]["name"]): one for one in yaml.safe_load_all(done.stdout)}
    (code,) = whole["Deployment", "code"]["spec"]["template"]["spec"]["containers"]

    assert ("Deployment", "assets") not in whole
    assert ("PersistentVolumeClaim", "databases") not in whole
    assert {"name": "DAGSTER_CURRENT_IMAGE", "value": code["image"]} in code["env"]
    assert code["image"] == IMAGE
    assert set(whole["ConfigMap", "dagster-instance"]["data"]) == {"dagster.yaml", "workspace.yaml"}


def test_every_pod_keeps_the_promises_and_few_may_call_the_cluster(pods):
    assert {name: list(broken_promises(pod)) for name, pod in pods.items()} == {name: [] for name in pods}
    assert {name for name, pod in pods.items() if pod["automountServiceAccountToken"]} == MAY_CALL_THE_CLUSTER
    assert {pod.get("serviceAccountName") for name, pod in pods.items() if name in MAY_CALL_THE_CLUSTER} == {"launcher"}


def test_every_container_is_watched(pods):
    watched = {name: {"startupProbe", "livenessProbe"} <= set(pod["containers"][0]) for name, pod in pods.items()}

    assert watched == dict.fromkeys(pods, True)


def test_passwords_come_from_secrets_alone(resources, documents):
    (instance,) = documents(f"{FOLDER}/instance.yaml")

    assert [one for one in resources if one["kind"] == "Secret"] == []
    assert instance["storage"]["postgres"]["postgres_url"] == {"env": "STEEL_DATABASE_URL"}
    assert instance["run_launcher"]["config"]["env_secrets"] == ["steel-databases"]


def test_the_right_to_start_pods_is_the_least_that_dagster_needs(resources):
    (role,) = [one for one in resources if one["kind"] == "Role"]
    rights = {(resource, verb) for rule in role["rules"] for resource in rule["resources"] for verb in rule["verbs"]}

    assert "*" not in {part for right in rights for part in right}
    assert {resource for resource, _ in rights} == {"jobs", "jobs/status", "pods", "pods/log", "events"}
    assert {resource for resource, verb in rights if verb == "create"} == {"jobs"}
    assert [one for one in resources if one["kind"].startswith("Cluster")] == []


def test_dagster_makes_pods_of_runs_and_steps_that_keep_every_promise(made, lint, tmp_path):
    run, step = made
    files = []
    for name, job in (("run", run), ("step", step)):
        files.append(str(tmp_path / f"{name}.yaml"))
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(job), encoding="utf-8")

        assert job["kind"] == "Job"
        assert list(broken_promises(job["spec"]["template"]["spec"])) == []
        assert job["spec"]["template"]["spec"]["containers"][0]["image"] == IMAGE
        assert job["spec"]["template"]["metadata"]["labels"]["steel.example/runs"] == "dagster"
    assert lint("kubernetes-validate", "--strict", "--kubernetes-version", KUBERNETES, *files) == ""


def test_a_run_may_start_pods_and_a_step_may_not(made):
    run, step = (job["spec"]["template"]["spec"] for job in made)

    assert (run["serviceAccountName"], run["automountServiceAccountToken"]) == ("launcher", True)
    assert (step["serviceAccountName"], step["automountServiceAccountToken"]) == ("default", False)


def test_a_step_has_the_settings_the_databases_and_the_data_of_its_run(made):
    run, step = (job["spec"]["template"]["spec"] for job in made)

    for pod in (run, step):
        (container,) = pod["containers"]
        assert container["envFrom"] == [
            {"configMapRef": {"name": "fleet-settings"}},
            {"secretRef": {"name": "steel-databases"}},
        ]
        assert {mount["name"] for mount in container["volumeMounts"]} == {"data", "instance", "tmp"}
        assert {"name": "DAGSTER_HOME", "value": "/opt/dagster"} in container["env"]


def test_the_engine_is_refused_without_its_databases_and_without_its_library(monkeypatch, tmp_path):
    with pytest.raises(ConfigError, match="STEEL_DATABASE_URL: is missing"):
        AssetsSettings(engine="kubernetes", data_dir=tmp_path)
    monkeypatch.setitem(sys.modules, "dagster_k8s", None)
    with pytest.raises(ConfigError, match=r"dagster_k8s not installed .*\[fleet\]"):
        AssetsSettings(engine="kubernetes", data_dir=tmp_path)
