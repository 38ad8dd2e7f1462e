/** IOCA: its settings, its examples and the model of its second stage. */
@NullMarked
package downstream.pretrain.method.ioca;

import org.jspecify.annotations.NullMarked;
