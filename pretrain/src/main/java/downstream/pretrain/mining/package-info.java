/** Finds, without labels, regions of images and which of them go together. */
@NullMarked
package downstream.pretrain.mining;

import org.jspecify.annotations.NullMarked;
