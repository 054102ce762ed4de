/** Where the images that are translated come from: folders, archives, tables. */
package io.ugatit.translate.source;
