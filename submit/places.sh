# shellcheck shell=bash
# shellcheck disable=SC2034 # for those that source this
# Sourced by the scripts beside it. Says where things are, in a checkout and in an unpacked release, which has jars and no sources:
#   root      the top folder
#   release   yes in a release, else empty
#   version   of the program
#   jars      folder of the program's jars
#   made      folder for what the scripts make; in a release, which may be read-only, it is the user's

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [[ -f $root/RELEASE ]]; then
  release=yes
  version=$(sed -n 's/^ugatit-spark //p' "$root/RELEASE")
  jars=$root/lib
  # where HOME is not set, as under env -i, the tilde is what the system knows of the user
  made=${XDG_CACHE_HOME:-~/.cache}/ugatit-spark/$version
else
  release=
  version=$(sed -n '0,/<version>/s/.*<version>\(.*\)<\/version>.*/\1/p' "$root/pom.xml")
  jars=$root/trainer/target
  made=$root/target
fi

# whole JAR: whether it is there and not cut short; a whole archive ends with this record of 22 bytes
whole() {
  [[ $(tail -c 22 "$1" 2>/dev/null | head -c 4) == $'PK\x05\x06' ]]
}
