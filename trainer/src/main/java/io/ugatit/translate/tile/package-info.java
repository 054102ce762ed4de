/** Pictures translated in their own resolution, in tiles that overlap. */
package io.ugatit.translate.tile;
