package io.ugatit.cluster.transport;

import java.io.DataInputStream;

/**
 * A part of what a worker gives to a round, on its way in.
 *
 * @param length bytes
 * @param bytes begins with them; they must be read before what comes next in the same stream
 */
record ArrivingPart(int length, DataInputStream bytes) { }
