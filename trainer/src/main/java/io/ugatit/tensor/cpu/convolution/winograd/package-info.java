/** Convolutions by Winograd's minimal filtering: its filters, the tiles of maps, the weights as tiles are multiplied with them. */
package io.ugatit.tensor.cpu.convolution.winograd;
