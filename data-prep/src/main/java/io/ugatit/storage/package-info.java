/** Files and folders that appear, or take another's place, in one step on whatever Hadoop calls a file system. */
package io.ugatit.storage;
