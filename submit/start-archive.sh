# shellcheck shell=bash
# Sourced by submit/ugatit, after places.sh and toolchain.sh.

# start_archive SPARK_HOME JAR: prints the path of an archive of classes (JEP 350) that the driver's JVM maps instead of loading them one
# by one: a start takes about four seconds less. The first time it is made, by preparing the demo images. Prints nothing while another
# start makes it, or where nothing may be written. A JVM that it does not fit, because the class path or the Java is another one, starts
# without it.
start_archive() {
  local spark=$1 jar=$2 build archive tmp log
  # shellcheck disable=SC2154 # settings is toolchain.sh's, made is places.sh's
  build=$(sed -n 's/^ *java\.\(home\|vm\.version\) = //p' <<<"$settings")
  archive=$made/classes-${build//[^A-Za-z0-9.]/-}.jsa
  if start_archive_outdated && [[ -w $made ]]; then
    exec 9>"$made/.start-archive.lock"
    flock --nonblock 9 || return 0
    if start_archive_outdated; then
      echo "archiving classes for quicker starts (once, about half a minute)" >&2
      tmp=$made/.tmp-start-archive
      log=$made/start-archive.log
      rm -rf "$tmp"
      mkdir "$tmp"
      if ! archive_classes >"$log" 2>&1; then
        echo "no classes could be archived, so starts are not quicker: see $log" >&2
        : >"$tmp/classes.jsa" # which no start tries again
      fi
      mv "$tmp/classes.jsa" "$archive"
      rm -rf "$tmp"
    fi
    exec 9>&-
  fi
  [[ ! -s $archive ]] || echo "$archive"
}

start_archive_outdated() { # workers of a local-cluster make a folder beside the jars
  [[ ! -f $archive ]] || [[ $spark/jars -nt $archive ]]
}

# A run in a folder of its own, with no settings of the site: these would be in the class path.
archive_classes() {
  local images=io/ugatit/demo/demo-images.zip
  : >"$tmp/none.conf"
  # shellcheck disable=SC2154 # java is toolchain.sh's
  (cd "$tmp" && "${java%java}jar" xf "$jar" "$images") &&
    env -u HADOOP_CONF_DIR -u YARN_CONF_DIR -u SPARK_DIST_CLASSPATH -u JAVA_TOOL_OPTIONS -u JDK_JAVA_OPTIONS -u SPARK_SUBMIT_OPTS \
      -u DEPLOY_MODE -u MASTER "$spark/bin/spark-submit" --properties-file "$tmp/none.conf" \
      --master 'local[1]' --driver-memory 512m \
      --conf "spark.driver.defaultJavaOptions=--add-modules=jdk.incubator.vector -XX:+UseParallelGC \
-XX:ArchiveClassesAtExit=\"$tmp/classes.jsa\" -Xlog:cds=off -Xlog:cds+dynamic=off" \
      --class io.ugatit.cli.Ugatit "$jar" prep --input "$tmp/$images" --output "$tmp/dataset" --size 64 &&
    [[ -s $tmp/classes.jsa ]]
}
