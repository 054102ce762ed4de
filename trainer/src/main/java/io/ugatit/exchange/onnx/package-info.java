/** A generator as an ONNX model. */
package io.ugatit.exchange.onnx;
