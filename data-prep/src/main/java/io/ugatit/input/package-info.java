/** What an input folder or archive holds: every file that is there, where its bytes are, and for everything else why it is left out. */
package io.ugatit.input;
