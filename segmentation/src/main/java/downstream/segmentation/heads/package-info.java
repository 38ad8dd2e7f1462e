/** Segmentation heads: each turns feature levels into class logits, one file a head. */
@NullMarked
package downstream.segmentation.heads;

import org.jspecify.annotations.NullMarked;
