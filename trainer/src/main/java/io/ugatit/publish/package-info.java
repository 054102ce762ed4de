/** Small files and folders that readers see whole or not at all on any Hadoop file system, and what killed writers leave of them. */
package io.ugatit.publish;
