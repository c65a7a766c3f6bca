"""Kubernetes and Cloud Run: what the schemas say, and what every pod promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

FOLDER = "deploy/kubernetes"
FILES = ("api.yaml", "assets.yaml", "namespace.yaml", "network-policies.yaml", "storage.yaml", "ui.yaml")
KUBERNETES = "1.33"
SIDE_BY_SIDE = ("containers", "initContainers")


@pytest.fixture(scope="module")
def resources(documents) -> list[dict[str, Any]]:
    return [resource for name in FILES for resource in documents(f"{FOLDER}/{name}")]


@pytest.fixture(scope="module")
def pods(resources) -> dict[str, dict[str, Any]]:
    """Pod templates by the name of what they belong to."""
    return {
        one["metadata"]["name"]: one["spec"]["template"]["spec"]
        for one in resources
        if "template" in one.get("spec", {})
    }


@pytest.fixture(scope="module")
def cloud_run(documents) -> dict[str, Any]:
    return documents("deploy/cloudrun.yaml")[0]


def containers(pod: dict[str, Any], kinds: tuple[str, ...] = SIDE_BY_SIDE) -> Iterator[dict[str, Any]]:
    for kind in kinds:
        yield from pod.get(kind, [])


def test_the_kustomization_names_every_file(documents, root):
    (kustomization,) = documents(f"{FOLDER}/kustomization.yaml")

    assert set(kustomization["resources"]) == set(FILES)
    assert {path.name for path in (root / FOLDER).iterdir()} == {*FILES, "kustomization.yaml", "knative.yaml"}


def test_the_system_runs_by_itself_in_a_cluster(documents):
    (kustomization,) = documents(f"{FOLDER}/kustomization.yaml")

    assert "STEEL_AUTOMATION=on" in kustomization["configMapGenerator"][0]["literals"]


def test_manifests_and_the_pod_of_the_knative_service_follow_kubernetes_schema(lint, pods, tmp_path):
    """Knative's own fields around that pod are not known to that schema."""
    pod = {key: value for key, value in pods["api"].items() if key not in ("containerConcurrency", "timeoutSeconds")}
    manifest = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "api"}, "spec": pod}
    (tmp_path / "pod.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")

    files = [*(f"{FOLDER}/{name}" for name in FILES if name != "api.yaml"), str(tmp_path / "pod.yaml")]

    assert lint("kubernetes-validate", "--strict", "--kubernetes-version", KUBERNETES, *files) == ""


def test_there_is_no_secret_in_the_manifests(resources):
    assert [one for one in resources if one["kind"] == "Secret"] == []


def test_every_program_of_the_system_runs(pods):
    assert set(pods) == {"api", "assets", "ui"}
    assert {one["name"] for one in containers(pods["assets"])} == {"build", "dagster", "daemon", "mlflow"}


@pytest.mark.parametrize("name", ["api", "assets", "ui"])
def test_a_pod_runs_as_a_user_who_is_not_root_and_cannot_call_the_cluster(pods, name):
    pod = pods[name]
    users = [pod.get("securityContext", {}) | one["securityContext"] for one in containers(pod)]

    assert {(user["runAsNonRoot"], user["runAsUser"]) for user in users} == {(True, 10001)}
    assert {user["seccompProfile"]["type"] for user in users} == {"RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False


@pytest.mark.parametrize("name", ["api", "assets", "ui"])
def test_a_container_can_neither_write_to_its_image_nor_gain_rights(pods, name):
    for one in containers(pods[name]):
        context = one["securityContext"]

        assert context["readOnlyRootFilesystem"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["capabilities"] == {"drop": ["ALL"]}


@pytest.mark.parametrize("name", ["api", "assets", "ui"])
def test_a_container_asks_for_resources_and_is_held_to_them(pods, name):
    for one in containers(pods[name]):
        assert set(one["resources"]["requests"]) == set(one["resources"]["limits"]) == {"cpu", "memory"}


@pytest.mark.parametrize("name", ["api", "assets", "ui"])
def test_a_container_that_stays_is_watched(pods, name):
    for one in containers(pods[name], ("containers",)):
        wanted = {"livenessProbe"} | ({"readinessProbe"} if "ports" in one else set())

        assert wanted <= set(one)
        assert "startupProbe" in one or "initialDelaySeconds" in one["livenessProbe"]


def test_images_are_named_in_one_place_by_version(documents, pods):
    (kustomization,) = documents(f"{FOLDER}/kustomization.yaml")
    used = {one["image"] for pod in pods.values() for one in containers(pod)}

    assert used == {image["name"] for image in kustomization["images"]}
    assert {image["newTag"] for image in kustomization["images"]} == {"v0.1.0"}


def test_the_service_scales_to_zero_everywhere(resources, cloud_run):
    (knative,) = [one for one in resources if one["apiVersion"] == "serving.knative.dev/v1"]

    assert knative["spec"]["template"]["metadata"]["annotations"]["autoscaling.knative.dev/min-scale"] == "0"
    assert cloud_run["spec"]["template"]["metadata"]["annotations"]["autoscaling.knative.dev/minScale"] == "0"


def test_every_pod_is_out_of_reach_unless_a_policy_names_who_may(resources):
    policies = {one["metadata"]["name"]: one["spec"] for one in resources if one["kind"] == "NetworkPolicy"}

    assert policies["nothing-unless-named"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert "ingress" not in policies["assets"]


def test_cloud_run_gets_the_image_the_keys_and_the_data_from_outside(cloud_run):
    spec = cloud_run["spec"]["template"]["spec"]
    (container,) = spec["containers"]

    assert container["image"] == "${IMAGE}"
    assert container["resources"]["limits"] == {"cpu": "2", "memory": "2Gi"}
    assert {"startupProbe", "livenessProbe"} <= set(container)
    assert {volume["name"] for volume in spec["volumes"]} == {"data", "keys"}


def test_the_same_place_holds_the_keys_everywhere(pods, cloud_run):
    (here,), (there,) = pods["api"]["containers"], cloud_run["spec"]["template"]["spec"]["containers"]

    assert {"name": "STEEL_API_KEYS_FILE", "value": "/etc/steel/keys.json"} in here["env"]
    assert {"name": "STEEL_API_KEYS_FILE", "value": "/etc/steel/keys.json"} in there["env"]
