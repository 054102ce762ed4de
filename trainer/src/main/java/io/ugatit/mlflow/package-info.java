/** A training's parameters, metrics and models on an MLflow server, told from beside it, whatever becomes of the server. */
package io.ugatit.mlflow;
