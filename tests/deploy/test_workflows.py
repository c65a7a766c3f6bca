"""The workflows: what the schema and the security linter say, and that they may do no more than they need."""

from __future__ import annotations

import re

import pytest

WORKFLOWS = ("check", "deploy", "image", "test")


@pytest.fixture(scope="module", params=WORKFLOWS)
def workflow(request, documents):
    return documents(f".github/workflows/{request.param}.yml")[0]


def test_every_workflow_is_tested(root):
    assert {path.stem for path in (root / ".github" / "workflows").iterdir()} == set(WORKFLOWS)


def test_workflows_follow_the_schema(lint):
    files = [f".github/workflows/{name}.yml" for name in WORKFLOWS]

    assert lint("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files) == ""


def test_dependabot_follows_the_schema(lint):
    assert lint("check-jsonschema", "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml") == ""


def test_the_security_linter_finds_nothing(lint):
    assert lint("zizmor", "--offline", "--no-progress", ".github") == ""


def test_actions_are_pinned_by_commit(root):
    text = "\n".join(path.read_text(encoding="utf-8") for path in (root / ".github" / "workflows").iterdir())
    used = re.findall(r"uses: (\S+) # (\S+)", text)

    assert len(used) == text.count("uses:")
    assert [use for use in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", use[0])] == []
    assert [use for use in used if not re.fullmatch(r"v\d+\.\d+\.\d+", use[1])] == []


def test_a_workflow_reads_the_code_and_writes_nothing_unless_a_job_says_so(workflow):
    assert workflow["permissions"] in ({}, {"contents": "read"})


def test_a_job_ends_in_time_and_does_not_run_beside_its_like(workflow):
    assert "concurrency" in workflow
    assert [name for name, job in workflow["jobs"].items() if job["timeout-minutes"] > 60] == []


def test_images_are_pushed_for_tags_alone(documents):
    (image,) = documents(".github/workflows/image.yml")

    assert image["jobs"]["push"]["if"] == "github.ref_type == 'tag'"
    assert image["jobs"]["push"]["permissions"] == {"contents": "read", "packages": "write"}
    assert image["jobs"]["scan"]["permissions"] == {"contents": "read"}


def test_a_person_starts_a_deployment_and_no_key_is_kept(documents, root):
    (deploy,) = documents(".github/workflows/deploy.yml")
    text = (root / ".github" / "workflows" / "deploy.yml").read_text(encoding="utf-8")

    assert list(deploy[True]) == ["workflow_dispatch"]  # YAML reads the word "on" as true
    assert deploy["jobs"]["deploy"]["environment"] == "${{ inputs.environment }}"
    assert "secrets." not in text
