package io.ugatit.image.jpeg;

/**
 * One of a JPEG's components.
 *
 * @param id its number
 * @param across how many blocks of it are side by side in a unit of the scan
 * @param down how many are one above the other
 * @param quantization which table its coefficients are multiplied with
 */
record Component(int id, int across, int down, int quantization) {}
