/** Settings that pretraining methods share, and their checks. */
@NullMarked
package downstream.pretrain.settings;

import org.jspecify.annotations.NullMarked;
