/** Files and folders that readers see whole or not at all on any Hadoop file system, and their deletion. */
package io.ugatit.publish;
