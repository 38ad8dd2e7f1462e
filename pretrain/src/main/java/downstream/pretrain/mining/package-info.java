/** Mining: finds, without labels, regions of images and pairs of regions. */
@NullMarked
package downstream.pretrain.mining;

import org.jspecify.annotations.NullMarked;
