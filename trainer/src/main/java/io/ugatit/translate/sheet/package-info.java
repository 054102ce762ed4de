/** The page that shows images beside their translations. */
package io.ugatit.translate.sheet;
