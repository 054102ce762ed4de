/** Where translations go: folders of files, tar shards, tables; what is there already, and what of. */
package io.ugatit.translate.output;
