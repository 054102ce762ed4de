# shellcheck shell=bash
# Sourced by the scripts beside it, after places.sh. Ends the script with one line unless the java that will be used is 17.

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
if ! settings=$("$java" -XshowSettings:properties -version 2>&1); then
  echo "no Java found at '$java': install a JDK 17 and set JAVA_HOME to it, or put its java on the PATH" >&2
  exit 1
fi
specification=$(sed -n 's/^ *java\.specification\.version = //p' <<<"$settings")
if [[ $specification != 17 ]]; then
  echo "'$java' is Java $specification, but Java 17 is needed: set JAVA_HOME to a JDK 17" >&2
  exit 1
fi

# lock FILE: waits until no other start holds it; held until the script ends or closes descriptor 9
lock() {
  if ! mkdir -p "$(dirname "$1")" 2>/dev/null || [[ ! -w $(dirname "$1") ]]; then
    echo "cannot write into $(dirname "$1"): make it a folder that may be written${release:+, or set XDG_CACHE_HOME to one}" >&2
    exit 1
  fi
  exec 9>"$1"
  flock --nonblock 9 || { echo "waiting for another start that holds $1" >&2 && flock 9; }
}

# maven LOG [arguments]: its output goes to LOG; if it fails the script ends with one line
maven() {
  local log=$1
  shift
  if ! command -v mvn >/dev/null; then
    echo "no mvn on the PATH: install Apache Maven 3.8 or newer" >&2
    exit 1
  fi
  if ! mvn -B "$@" >"$log" 2>&1; then
    echo "Maven failed: $(grep -m 1 '^\[ERROR\] [^[]' "$log" || echo "no message"); see $log" >&2
    exit 1
  fi
}
