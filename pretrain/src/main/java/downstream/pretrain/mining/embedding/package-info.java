/** Embeddings of images and regions. */
@NullMarked
package downstream.pretrain.mining.embedding;

import org.jspecify.annotations.NullMarked;
