/** Masks: which parts of an image a method hides. */
@NullMarked
package downstream.pretrain.masks;

import org.jspecify.annotations.NullMarked;
