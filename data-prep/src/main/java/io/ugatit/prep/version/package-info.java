/** What the versions of a data set know of their files, and what follows from that for the next one. */
package io.ugatit.prep.version;
