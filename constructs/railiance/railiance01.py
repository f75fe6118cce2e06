class P: kubernetes_version="1.34"
RAILIANCE01=P()
