/** Networks of pretraining: encoder with heads and decoders, and their batches. */
@NullMarked
package downstream.pretrain.model;

import org.jspecify.annotations.NullMarked;
