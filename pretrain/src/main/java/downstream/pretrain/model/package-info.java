/** Networks of pretraining: encoder with heads, decoders and target networks, and their batches. */
@NullMarked
package downstream.pretrain.model;

import org.jspecify.annotations.NullMarked;
