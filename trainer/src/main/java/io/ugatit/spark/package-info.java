/** Translation as a part of other Spark programs: a Transformer of Spark ML and a function of SQL. */
package io.ugatit.spark;
