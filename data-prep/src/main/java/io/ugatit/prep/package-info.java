/** The Spark job that turns folders of images into a dataset. */
package io.ugatit.prep;
