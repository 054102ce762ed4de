/** Generators that translate: where their parameters are, and those that are loaded in this process. */
package io.ugatit.translate.generator;
