/** The whole pipeline on images that ship with the project. */
package io.ugatit.demo;
