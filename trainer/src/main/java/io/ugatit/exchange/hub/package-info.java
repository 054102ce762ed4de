/** What a folder for a hub of models says of the model in it. */
package io.ugatit.exchange.hub;
