/** Autoencoders: an image is reconstructed from one vector of it. One file a method. */
@NullMarked
package downstream.pretrain.method.autoencoder;

import org.jspecify.annotations.NullMarked;
