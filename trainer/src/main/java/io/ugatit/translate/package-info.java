/** The batch translation job: every image of a folder through one generator, on Spark. */
package io.ugatit.translate;
