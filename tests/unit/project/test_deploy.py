"""What stands in deploy/ and in the workflow is well formed, and its commands are ours."""

import json
import os
import re
import shlex
import subprocess
import sys
import time

import kubernetes_validate
import pytest
import yaml

from benchmarks.server import free_port
from tests import ROOT

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")


def run(*command):
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("vendor.compose-spec", "deploy/compose.yaml"),
        ("vendor.github-workflows", ".github/workflows/test.yaml"),
    ],
)
def test_manifest_follows_its_schema(schema, path):
    done = run("check_jsonschema", "--builtin-schema", schema, path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_kubernetes_manifest_follows_its_schemas():
    resources = kubernetes()
    assert len(resources) == 7
    for resource in resources:
        kubernetes_validate.validate(resource, "1.33", strict=True)
    resources[0]["spec"]["replica"] = 2  # a slip of the pen is noticed
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(resources[0], "1.33", strict=True)


def kubernetes():
    return list(yaml.safe_load_all((ROOT / "deploy/kubernetes.yaml").read_text("utf-8")))


def pods():
    return [
        resource["spec"]["template"]["spec"]
        for resource in kubernetes()
        if "template" in resource["spec"]
    ]


def services():
    return yaml.safe_load((ROOT / "deploy/compose.yaml").read_text("utf-8"))["services"]


def test_what_others_made_is_pinned_by_its_digest():
    images = [line.split()[0] for line in instructions("FROM")]
    images += [service["image"] for service in services().values() if "image" in service]
    images += [container["image"] for pod in pods() for container in pod["containers"]]
    foreign = [image for image in images if not image.startswith("seqviz:")]
    assert len(foreign) == 5
    assert all(re.search(r":[\w.-]+@sha256:[0-9a-f]{64}$", image) for image in foreign)
    actions = re.findall(
        r"uses: +(.+)$", (ROOT / ".github/workflows/test.yaml").read_text("utf-8"), re.MULTILINE
    )
    assert len(actions) >= 6
    assert all(re.search(r"@[0-9a-f]{40} +# v[\d.]+$", action) for action in actions)


def test_what_the_workflow_runs_is_there():
    workflow = (ROOT / ".github/workflows/test.yaml").read_text("utf-8")
    paths = re.findall(r"\btests/[\w/]+\.py", workflow)
    assert paths
    assert all((ROOT / path).is_file() for path in paths)


def test_every_pod_runs_without_root_and_can_write_only_where_it_is_said():
    assert len(pods()) == 3
    for pod in pods():
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] > 0
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"]["limits"]["memory"]
    for service in services().values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["mem_limit"]
        assert service["logging"]["options"] == {"max-size": "10m", "max-file": "3"}


def test_there_is_no_secret_that_others_can_read():
    assert not [resource for resource in kubernetes() if resource["kind"] == "Secret"]
    given = [
        one for pod in pods() for container in pod["containers"] for one in container.get("env", [])
    ]
    secrets = {
        one["name"]: one["valueFrom"]["secretKeyRef"]["key"] for one in given if "valueFrom" in one
    }
    assert secrets == {
        "STREAMLIT_SERVER_COOKIE_SECRET": "cookie-secret",
        "DATABASE_PASSWORD": "database-password",
        "POSTGRES_PASSWORD": "database-password",
    }
    environment = services()["app"]["environment"]
    assert environment["STREAMLIT_SERVER_COOKIE_SECRET"].startswith("${SEQVIZ_COOKIE_SECRET:?")
    assert ":${SEQVIZ_DATABASE_PASSWORD:?" in environment["SEQVIZ_DATABASE_URL"]


def instructions(name):
    joined = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^{name}\s+(.*)$", joined, flags=re.MULTILINE)


def test_what_the_image_copies_is_there_and_not_ignored():
    kept = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line[:1] == "!"
    }
    sources = [source for line in instructions("COPY") for source in line.split()[:-1]]
    assert len(sources) >= 5
    for source in sources:
        assert (ROOT / source).exists()
        assert any(keep == source or keep.startswith(f"{source}/") for keep in kept), source


def test_the_image_installs_as_make_does():
    assert any(
        line.startswith("scripts/venv.sh ") and line.endswith(" requirements.txt")
        for line in instructions("RUN")
    )
    assert "scripts/venv.sh" in (ROOT / "Makefile").read_text("utf-8")
    assert instructions("USER") == ["seqviz"]


@pytest.mark.skipif(os.name == "nt", reason="the image's command is for a POSIX shell")
def test_the_images_own_command_serves_and_its_health_check_says_so(tmp_path):
    """Both are taken from the Dockerfile; only the path of Python differs."""
    here = lambda text: text.replace("/opt/venv/bin/python", shlex.quote(sys.executable))  # noqa: E731
    command = [here(part) for part in json.loads(instructions("CMD")[0])]
    check = [
        part.replace("/opt/venv/bin/python", sys.executable)
        for part in json.loads(instructions("HEALTHCHECK")[0].split("CMD", 1)[1])
    ]
    environment = {**os.environ, "HOME": str(tmp_path), "PORT": str(free_port())}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def healthy():
        return (
            subprocess.run(check, env=environment, capture_output=True, check=False).returncode == 0
        )

    try:
        assert not healthy()  # not yet: the check can fail
        end = time.monotonic() + 60
        while not healthy():
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.2)
    finally:
        process.terminate()
        process.wait(20)
