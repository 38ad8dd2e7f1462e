/** Heads of segmentation: each turns an encoder's maps into class logits, one file a head. */
@NullMarked
package downstream.segmentation.heads;

import org.jspecify.annotations.NullMarked;
