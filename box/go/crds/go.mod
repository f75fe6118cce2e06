module railiance-apps/box/crds

go 1.27.0

require (
	github.com/cert-manager/cert-manager v1.21.2
	github.com/cloudnative-pg/cloudnative-pg v1.28.0
	github.com/traefik/traefik/v3 v3.7.13
)
