/** What is to be prepared: the files and rows of an input, in whatever it holds them. */
package io.ugatit.prep.source;
