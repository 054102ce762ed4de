/** Convolutions by NVIDIA's cuDNN 9 through its backend API, if it is installed: found at run time, engines chosen without timing. */
package io.ugatit.tensor.cuda.cudnn;
