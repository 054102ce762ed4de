/** How one worker trains: losses, the alternating step, Adam and the learning rate, without Spark. */
package io.ugatit.train;
