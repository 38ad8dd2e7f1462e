/** Pretraining methods and their settings, one file a method. */
@NullMarked
package downstream.pretrain.method;

import org.jspecify.annotations.NullMarked;
