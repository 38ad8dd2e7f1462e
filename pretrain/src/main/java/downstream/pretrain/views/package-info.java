/** Random views of an image: crops and changes of colour, on loader threads, in host memory. */
@NullMarked
package downstream.pretrain.views;

import org.jspecify.annotations.NullMarked;
