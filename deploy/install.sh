#!/bin/sh
# Fills the environment of an image, in two steps so that a change of code does not install the libraries anew.
#
#   install.sh libraries VENV EXTRAS [TORCH_INDEX]   what the package needs with these extras, pinned by constraints.txt
#   install.sh package   VENV WHEEL                  the package itself, then off with what no running program needs
#
# It is run in the project's root, by the Dockerfile and, where there is no Docker, by deploy/prove_image.sh.
set -eu
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_INPUT=1

libraries() {
  venv=$1 extras=$2 torch_index=${3:-https://download.pytorch.org/whl/cpu}
  python3 -m venv "$venv"
  case ",$extras," in
    *,chronos,* | *,timesfm,*) # PyPI's own build of torch brings 3 GB of libraries for graphics cards
      "$venv/bin/pip" install --no-deps --index-url "$torch_index" "$(grep '^torch==' constraints.txt)" ;;
  esac
  "$venv/bin/pip" install --constraint constraints.txt ".[$extras]"
}

package() {
  venv=$1 wheel=$2
  "$venv/bin/pip" install --no-deps --no-index --force-reinstall "$wheel"
  "$venv/bin/pip" check
  site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  find "$site" -depth -type d -name tests ! -path '*/site-packages/tests' -exec rm -rf {} +
  "$venv/bin/pip" uninstall --yes setuptools pip
}

step=$1
shift
"$step" "$@"
