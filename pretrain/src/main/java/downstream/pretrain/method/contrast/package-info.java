/** Methods that tell the views of an image from those of others: negatives. */
@NullMarked
package downstream.pretrain.method.contrast;

import org.jspecify.annotations.NullMarked;
