/** Fine-tuning of an encoder with a head: what every trained task shares. */
@NullMarked
package downstream.eval.finetune;

import org.jspecify.annotations.NullMarked;
