/** Models in other programs' files: what comes in under the authors' names becomes a run. */
package io.ugatit.exchange;
