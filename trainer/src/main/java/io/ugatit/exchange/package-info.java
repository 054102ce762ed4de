/** Models from and for other programs: files become runs, and runs become files. */
package io.ugatit.exchange;
