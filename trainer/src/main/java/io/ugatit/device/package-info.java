/** What a JVM computes on: natives, GPUs, and how many threads. */
package io.ugatit.device;
