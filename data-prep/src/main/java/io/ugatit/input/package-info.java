/** What an input folder holds: every file that is there, and for everything else why it is left out. */
package io.ugatit.input;
