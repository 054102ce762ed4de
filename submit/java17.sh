# shellcheck shell=bash
# Sourced: ends the script with one line unless the java that will be used is 17.
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
if ! version=$("$java" -XshowSettings:properties -version 2>&1); then
  echo "no Java found at '$java': install a JDK 17 and set JAVA_HOME to it, or put its java on the PATH" >&2
  exit 1
fi
specification=$(sed -n 's/^ *java\.specification\.version = //p' <<<"$version")
if [[ $specification != 17 ]]; then
  echo "'$java' is Java $specification, but Java 17 is needed: set JAVA_HOME to a JDK 17" >&2
  exit 1
fi
